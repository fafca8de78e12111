import { render } from 'preact';
import './styles/base.css';
import './styles/matrix.css';
import './styles/detail.css';
import './styles/map.css';
import { App } from './app.tsx';
import { startLooking } from './live.ts';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
render(<App />, root);
startLooking();

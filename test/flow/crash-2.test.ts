import { crashes } from '../support/crashes.ts';

crashes({ part: 2, of: 3 });

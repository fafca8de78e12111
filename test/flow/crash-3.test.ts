import { crashes } from '../support/crashes.ts';

crashes({ part: 3, of: 3 });

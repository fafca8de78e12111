import { crashes } from '../support/crashes.ts';

crashes({ part: 1, of: 3 });

/** The queue of lesson 01, since the notes' Python programs declare nothing else. */
export { declare, QUEUE } from './01-hello.ts';

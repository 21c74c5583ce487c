/** Every test file finds what it would find in a page. */
import './lavapipe.mjs';

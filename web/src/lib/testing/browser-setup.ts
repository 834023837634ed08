/** For tests of components in a real browser: the app's own styles, and a page that is empty again after each test. */
import '../../app.css';
import '#lib/i18n/all';
import { cleanup } from '@testing-library/svelte';
import { afterEach } from 'vitest';

afterEach(cleanup);

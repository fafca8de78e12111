import { defineConfig } from 'vite';

/** `npx vite dashboard` serves it while it is being worked on, beside a running `npm start`. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // Its own tsconfig.json has the JSX settings.
  build: {
    // Browsers of 2024: `light-dark()` is left as it is.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7400' } },
});

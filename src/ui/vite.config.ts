// Builds the screens into dist/ui. Relative addresses, so that they also work below a path; nothing is inlined,
// because the content security policy allows no inline script, style or font.
import vue from '@vitejs/plugin-vue'
import { build, defineConfig } from 'vite'
import type { Plugin } from 'vite'

/** Parts of Vue that these screens don't use are left out. */
export const define = {
  __VUE_OPTIONS_API__: 'false',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false'
}

/** The page that recordings are saved with is built along: it shows the same. */
function buildCopyToo(): Plugin {
  return {
    name: 'build-copy-too',
    apply: 'build',
    async closeBundle() {
      await build({ configFile: `${import.meta.dirname}/vite-copy.config.ts`, logLevel: 'warn' })
    }
  }
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue(), buildCopyToo()],
  define,
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/ui',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800
  },
  server: { proxy: { '/api': process.env['MICROLOG_SERVER'] ?? 'http://127.0.0.1:7777' } }
})

// Builds the page of a saved recording into dist/copy: one file, its scripts, styles and workers in it, that opens from a
// disk. Its own policy lets it run what is in it and nothing else, and send nothing anywhere.
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { define } from './vite.config.ts'

const here = (path: string): string => resolve(import.meta.dirname, path)

/** Puts the page's only script and style into it. Scripts can't say `</script` inside of one, nor begin a comment. */
function inlinePage(): Plugin {
  return {
    name: 'inline-page',
    generateBundle: {
      // After Vite's own, which finish the script.
      order: 'post',
      handler(_options, bundle) {
        const files = Object.values(bundle)
        const textOf = (suffix: string): string => {
          const found = files.filter(({ fileName }) => fileName.endsWith(suffix))
          if (found.length !== 1) throw new Error(`Expected one file of ${suffix}, found ${found.length}`)
          const [file] = found
          return file!.type === 'chunk' ? file!.code : String(file!.source)
        }
        const script = textOf('.js').replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3C!--')
        const style = textOf('.css')
        const [before, after, ...rest] = textOf('.html').split(/<script type="module"[^>]*><\/script>/)
        if (before === undefined || after === undefined || rest.length > 0)
          throw new Error('Expected one script in the page')
        const head = before.replace(/<link rel="stylesheet"[^>]*>\s*/, '')
        const tail = after.replace(/<link rel="stylesheet"[^>]*>\s*/, '')
        const policy = [
          "default-src 'none'",
          `script-src '${hashOf(script)}'`,
          `style-src '${hashOf(style)}'`,
          'img-src data:',
          'worker-src blob:',
          'connect-src data:',
          "base-uri 'none'",
          "form-action 'none'"
        ].join('; ')
        const page = head.replace(
          '<meta charset="utf-8" />',
          tag => `${tag}\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`
        )
        for (const name of Object.keys(bundle)) delete bundle[name]
        this.emitFile({
          type: 'asset',
          fileName: 'index.html',
          source: `${page}<style>${style}</style><script type="module">${script}</script>${tail}`
        })
      }
    }
  }
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue(), inlinePage()],
  define,
  resolve: { alias: [{ find: /^\.\/start-worker\.ts$/, replacement: here('data/start-inlined-worker.ts') }] },
  worker: { format: 'iife' },
  build: {
    outDir: here('../../dist/copy'),
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    assetsInlineLimit: Infinity,
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: here('copy.html'), output: { codeSplitting: false } }
  }
})

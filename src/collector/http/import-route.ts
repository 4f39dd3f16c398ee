import type { FastifyInstance } from 'fastify'
import { MicrologError } from '../../base/errors.ts'
import { importFile } from '../exchange/import-file.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { Catalog } from '../store/catalog.ts'
import type { OnChange } from './on-change.ts'
import { queryTexts } from './query-texts.ts'

/** Of an imported file; the CLI has no such limit. */
const largestFile = 256 * 1024 * 1024

/** POST /api/import?name=FILE with the file's bytes: answers { ids }, and what of it was rejected. */
export function addImportRoute(
  app: FastifyInstance,
  { catalog, ingest, onChange }: { catalog: Catalog; ingest: Ingest; onChange?: OnChange }
): void {
  const target = { catalog, isOpen: (recording: string) => ingest.isOpen(recording) }
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestFile }, (_request, body, done) =>
      done(null, body)
    )
    scope.post('/api/import', { bodyLimit: largestFile }, async request => {
      const { body } = request
      if (!(body instanceof Uint8Array) || body.length === 0) {
        throw new MicrologError(
          'invalid-input',
          'Expected the bytes of a file, with content-type application/octet-stream'
        )
      }
      const name = queryTexts(request).get('name') ?? ''
      const { ids, rejected, message } = await importFile(name, body, target)
      onChange?.('imported', { file: name, recordings: ids, bytes: body.length, rejected })
      return { ids, ...(rejected > 0 && { rejected, message }) }
    })
  })
}

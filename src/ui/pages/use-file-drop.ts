// Files dropped anywhere on the page, or chosen, are imported by the collector one after the other.
import { useEventListener } from '@vueuse/core'
import { shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import { useApi } from '../data/use-api.ts'
import { failureOf } from '../data/send-request.ts'

export interface FileDrop {
  /** Files are held over the page. */
  readonly over: Readonly<ShallowRef<boolean>>
  /** The file that is being read. */
  readonly importing: Readonly<ShallowRef<string>>
  /** What didn't work, one line a file. */
  readonly problems: ShallowRef<readonly string[]>
  take(files: Iterable<File>): Promise<void>
}

export function useFileDrop(onImported: (ids: string[]) => void): FileDrop {
  const api = useApi()
  const over = shallowRef(false)
  const importing = shallowRef('')
  const problems = shallowRef<readonly string[]>([])

  async function take(files: Iterable<File>): Promise<void> {
    const ids: string[] = []
    problems.value = []
    for (const file of files) {
      importing.value = file.name
      try {
        ids.push(...(await api.importFile(file)))
      } catch (error) {
        problems.value = [...problems.value, `${file.name}: ${failureOf(error).message}`]
      }
    }
    importing.value = ''
    onImported(ids)
  }

  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
  useEventListener('dragover', event => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    over.value = true
  })
  useEventListener('dragleave', event => {
    if (!event.relatedTarget) over.value = false
  })
  useEventListener('drop', event => {
    over.value = false
    if (!holdsFiles(event)) return
    event.preventDefault()
    void take([...event.dataTransfer!.files])
  })
  return { over, importing, problems, take }
}

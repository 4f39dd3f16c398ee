import { createApp } from 'vue'
import CopyApp from './CopyApp.vue'
import { readCopy } from './data/read-copy.ts'
import { createCopyRouter } from './pages/create-copy-router.ts'
import './theme.css'

readCopy(document)
  .then(copy => createApp(CopyApp, { copy }).use(createCopyRouter(copy.detail.id)).mount('#app'))
  .catch((error: unknown) => {
    document.getElementById('app')!.textContent = error instanceof Error ? error.message : String(error)
  })

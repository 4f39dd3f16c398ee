import { createApp } from 'vue'
import App from './App.vue'
import { createScreenRouter } from './pages/create-screen-router.ts'
import './theme.css'

createApp(App).use(createScreenRouter()).mount('#app')

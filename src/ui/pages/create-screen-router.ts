// The pages of a collector's screens.
import type { RouteRecordRaw, Router } from 'vue-router'
import { createPageRouter, nowherePath, recordingRoute, traceRoute } from './page-router.ts'

const routes = [
  { path: '/', name: 'home', component: () => import('./HomePage.vue') },
  { path: '/traces', name: 'traces', component: () => import('./TracesPage.vue') },
  { path: '/logs', name: 'logs', component: () => import('./LogsPage.vue') },
  { path: '/flame', name: 'flame', component: () => import('./FlamePage.vue') },
  recordingRoute,
  traceRoute,
  { path: '/compare', name: 'compare', component: () => import('./ComparePage.vue') },
  { path: nowherePath, name: 'nowhere', component: () => import('./NowherePage.vue') }
] satisfies RouteRecordRaw[]
/** The first page has loaded and painted what it shows. */
const whenIdleMs = 3000

function loadAll(): void {
  // A page that doesn't load is loaded again when somebody goes there.
  for (const { component } of routes) component().catch(() => {})
}

export function createScreenRouter(): Router {
  const router = createPageRouter(routes)
  // The others are there before they are asked for: the collector may have stopped by then.
  void router.isReady().then(() => setTimeout(loadAll, whenIdleMs))
  return router
}

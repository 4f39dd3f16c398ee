// The page addresses of the contract. Pages are loaded when they are first visited; the first one that paints a
// flame chart should cost as little script as it can.
import { createRouter, createWebHashHistory, START_LOCATION } from 'vue-router'
import type { Router } from 'vue-router'

const pages = {
  home: () => import('./HomePage.vue'),
  traces: () => import('./TracesPage.vue'),
  recording: () => import('./RecordingPage.vue'),
  trace: () => import('./TracePage.vue'),
  nowhere: () => import('./NowherePage.vue')
}
/** The first page has loaded and painted what it shows. */
const whenIdleMs = 3000

function loadAll(): void {
  // A page that doesn't load is loaded again when somebody goes there.
  for (const load of Object.values(pages)) load().catch(() => {})
}

export function createScreenRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'home', component: pages.home },
      { path: '/traces', name: 'traces', component: pages.traces },
      {
        path: '/r/:id([0-9a-z]{26})/:tab(timeline|log|traces|heap)?',
        name: 'recording',
        component: pages.recording,
        props: true
      },
      {
        path: '/t/:traceId([0-9a-f]{32})',
        name: 'trace',
        component: pages.trace,
        props: true
      },
      { path: '/:rest(.*)*', name: 'nowhere', component: pages.nowhere }
    ]
  })

  // The others are there before they are asked for: the collector may have stopped by then.
  void router.isReady().then(() => setTimeout(loadAll, whenIdleMs))

  // Until the first page is there the router doesn't hear of other addresses, and then writes its own over them.
  router.beforeResolve((to, from) => {
    if (from !== START_LOCATION) return true
    const asked = router.resolve(location.hash.slice(1) || '/')
    return asked.fullPath === to.fullPath || asked.fullPath
  })
  return router
}

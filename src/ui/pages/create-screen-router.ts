// The page addresses of the contract. Pages are loaded when they are first visited; the first one that paints a
// flame chart should cost as little script as it can.
import { createRouter, createWebHashHistory, START_LOCATION } from 'vue-router'
import type { Router } from 'vue-router'

export function createScreenRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'home', component: () => import('./HomePage.vue') },
      { path: '/traces', name: 'traces', component: () => import('./TracesPage.vue') },
      {
        path: '/r/:id([0-9a-z]{26})/:tab(timeline|log|traces|heap)?',
        name: 'recording',
        component: () => import('./RecordingPage.vue'),
        props: true
      },
      {
        path: '/t/:traceId([0-9a-f]{32})',
        name: 'trace',
        component: () => import('./TracePage.vue'),
        props: true
      },
      { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./NowherePage.vue') }
    ]
  })

  // Until the first page is there the router doesn't hear of other addresses, and then writes its own over them.
  router.beforeResolve((to, from) => {
    if (from !== START_LOCATION) return true
    const asked = router.resolve(location.hash.slice(1) || '/')
    return asked.fullPath === to.fullPath || asked.fullPath
  })
  return router
}

// Pages of which every set of screens has some, at the addresses of the contract. They are loaded when they are first
// visited: the first one that paints a flame chart should cost as little script as it can.
import { createRouter, createWebHashHistory, START_LOCATION } from 'vue-router'
import type { RouteRecordRaw, Router } from 'vue-router'

export const recordingRoute = {
  path: '/r/:id([0-9a-z]{26})/:tab(timeline|log|flame|design|traces|analysis|heap)?',
  name: 'recording',
  component: () => import('./RecordingPage.vue'),
  props: true
} satisfies RouteRecordRaw

export const traceRoute = {
  path: '/t/:traceId([0-9a-f]{32})',
  name: 'trace',
  component: () => import('./TracePage.vue'),
  props: true
} satisfies RouteRecordRaw

export const nowherePath = '/:rest(.*)*'

export function createPageRouter(routes: readonly RouteRecordRaw[]): Router {
  const router = createRouter({ history: createWebHashHistory(), routes: [...routes] })

  // Until the first page is there the router doesn't hear of other addresses, and then writes its own over them.
  router.beforeResolve((to, from) => {
    if (from !== START_LOCATION) return true
    const asked = router.resolve(location.hash.slice(1) || '/')
    const leadsElsewhere = asked.matched.some(({ redirect }) => redirect !== undefined)
    return leadsElsewhere || asked.fullPath === to.fullPath || asked.fullPath
  })
  return router
}

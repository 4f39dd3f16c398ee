import { inject } from 'vue'
import type { InjectionKey } from 'vue'
import type { ApiClient } from './api-client.ts'

export const apiKey: InjectionKey<ApiClient> = Symbol('api')

export function useApi(): ApiClient {
  const api = inject(apiKey)
  if (!api) throw new Error('useApi needs a component below App')
  return api
}

/** What adapters need of the surroundings: sockets and HTTP. */
import { type Socket, WsSocket } from "@tidewire/core"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"

export const layer: Layer.Layer<Socket.SocketDriver | HttpClient.HttpClient> = Layer.mergeAll(
  WsSocket.layer,
  FetchHttpClient.layer
)

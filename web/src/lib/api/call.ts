/** One call of the server, typed by its OpenAPI document: a route that is not there, or a body it refuses, does not compile. */
import { client } from './client';
import type { paths } from './schema';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Operation<M extends Method, P extends keyof paths> = NonNullable<paths[P][Lowercase<M>]>;

/** The routes that answer to a method. */
export type RouteOf<M extends Method> = {
  [P in keyof paths]: [Operation<M, P>] extends [never] ? never : P;
}[keyof paths];

type Parameter<O, K extends 'path' | 'query'> = O extends { readonly parameters: infer Parameters }
  ? K extends keyof Parameters
    ? NonNullable<Parameters[K]>
    : never
  : never;

/** The body that a route takes. */
export type BodyOf<O> = O extends { readonly requestBody?: infer R }
  ? [NonNullable<R>] extends [never]
    ? never
    : NonNullable<R> extends { readonly content: { readonly 'application/json': infer B } }
      ? B
      : never
  : never;

/** What a route answers; nothing for 204. Of several kinds of success, any. */
export type AnswerOf<O> = O extends { readonly responses: infer R }
  ? {
      [S in keyof R]: R[S] extends { content: { readonly 'application/json': infer T } } ? T : void;
    }[keyof R]
  : never;

type Part<K extends string, T> = [T] extends [never] ? unknown : Readonly<Record<K, T>>;
type Optional<K extends string, T> = [T] extends [never] ? unknown : { readonly [P in K]?: T };

export type Options<O> = Part<'path', Parameter<O, 'path'>> &
  Optional<'query', Parameter<O, 'query'>> &
  Part<'body', BodyOf<O>> & { readonly signal?: AbortSignal; readonly idempotencyKey?: string };

interface Given {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly idempotencyKey?: string;
}

/** Signed in. `{names}` of the route are filled from `path`. Errors are `ApiError`. */
export function call<M extends Method, P extends RouteOf<M>>(
  method: M,
  route: P,
  options: Options<Operation<M, P>>
): Promise<AnswerOf<Operation<M, P>>> {
  const { path, ...rest } = options as Given;
  return client.request(method, fill(route, path), rest);
}

/** The same without a session: registering and signing in. */
export function callAnonymously<M extends Method, P extends RouteOf<M>>(
  method: M,
  route: P,
  options: Options<Operation<M, P>>
): Promise<AnswerOf<Operation<M, P>>> {
  const { path, ...rest } = options as Given;
  return client.requestAnonymously(method, fill(route, path), rest);
}

export function fill(route: string, path: Given['path'] = {}): string {
  return route.replace(/\{(\w+)\}/g, (whole, name: string) => encodeURIComponent(path[name] ?? whole));
}

import type { Env, Hono } from "hono";
import { type Feature, type FeatureName, FEATURES, type Features, GatewayError } from "../contracts/mod.ts";

/** Answers a GET. */
export type FeatureHandler = (url: URL) => Response | Promise<Response>;

/** GET routes by the feature that they belong to. */
export type FeatureRoutes = { readonly [N in FeatureName]?: Readonly<Record<string, FeatureHandler>> };

/** Puts up the routes of features; where one is switched off, its routes say which key switches it on. */
export function addFeatureRoutes<E extends Env>(
  app: Hono<E>,
  features: Features,
  routes: FeatureRoutes,
): void {
  for (const [name, handlers] of Object.entries(routes) as [FeatureName, FeatureRoutes[FeatureName]][]) { // keys of the type
    for (const [path, handler] of Object.entries(handlers ?? {})) {
      app.get(path, (context) => {
        const url = new URL(context.req.url);
        if (!features[name]) throw isOff(url.pathname, name, features);
        return handler(url);
      });
    }
  }
}

function isOff(path: string, name: FeatureName, features: Features): GatewayError {
  const { needs }: Feature = FEATURES[name];
  // Without what it needs, its own switch would not help.
  const key = needs !== undefined && !features[needs] ? needs : name;
  return new GatewayError("MCPX_FEATURE_DISABLED", `Cannot GET "${path}": "features.${key}" is off`, {
    remedy: `Set "features": { "${key}": true } in the config and start mcpproxy again`,
    details: { feature: key },
  });
}

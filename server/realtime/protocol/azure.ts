/** What Azure's URLs say. Behind them the same protocol is spoken, in the shape that the version asks for. */
import { ProtocolError } from "./protocol-error";

/** From then on Azure's dated versions have the GA shape; previews have the older one, whatever their date. */
const GA_SINCE = "2025-08-01";

/**
 * The shape that `api-version` stands for; without one it is the newest. @throws ProtocolError for what is no version.
 */
export function shapeOfVersion(version: string | null): "ga" | "beta" {
  if (version === null || version === "v1" || version === "preview") return "ga";
  const [, date, preview] = /^(\d{4}-\d{2}-\d{2})(-preview)?$/.exec(version) ?? [];
  if (date === undefined) {
    throw new ProtocolError(
      `The API version '${version.slice(0, 50)}' is not supported. Give a date, for example '2025-04-01-preview', or use '/openai/v1'.`,
      { code: "unsupported_api_version", param: "api-version" },
    );
  }
  return preview !== undefined || date < GA_SINCE ? "beta" : "ga";
}

/** Models are found by the names of their deployments. */
export function deploymentOf(query: URLSearchParams): string | null {
  return query.get("deployment") || query.get("model");
}

export function deploymentNotFound(name: string): ProtocolError {
  return new ProtocolError(`The API deployment '${name.slice(0, 200)}' does not exist.`, {
    code: "DeploymentNotFound",
    param: "deployment",
  });
}

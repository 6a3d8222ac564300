import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** GitHub's artifact service, version 4, on loopback: takes uploads as @actions/artifact sends them. */
export interface ArtifactService extends Disposable {
  /** What a runner gives a JavaScript action to reach it. */
  env: Record<string, string>;
  /** Bodies of the requests CreateArtifact. */
  created: { name: string; expires_at?: string }[];
  /** The zip archives, whole. */
  archives: Buffer[];
  finalized: { name: string; size: string }[];
}

export async function startArtifactService(): Promise<ArtifactService> {
  const service = { created: [], archives: [], finalized: [] } as Pick<
    ArtifactService,
    "created" | "archives" | "finalized"
  >;
  const blocks = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const { pathname, searchParams } = new URL(request.url!, "http://localhost");
    const json = (value: object) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (pathname.endsWith("/CreateArtifact")) {
      service.created.push(JSON.parse(body.toString()));
      return json({
        ok: true,
        signed_upload_url: `http://${request.headers.host}/account/container/blob?sig=signature`,
      });
    }
    if (pathname.endsWith("/FinalizeArtifact")) {
      service.finalized.push(JSON.parse(body.toString()));
      return json({ ok: true, artifact_id: "17" });
    }
    if (searchParams.get("comp") === "block") blocks.set(searchParams.get("blockid")!, body);
    if (searchParams.get("comp") === "blocklist") {
      const ids = [...body.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)].map(([, id]) => id!);
      service.archives.push(Buffer.concat(ids.map((id) => blocks.get(id)!)));
    }
    response.writeHead(201).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...service,
    env: { ACTIONS_RUNTIME_TOKEN: token(), ACTIONS_RESULTS_URL: `${url}/` },
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The client reads two ids out of the token's claims and leaves the signature to the service. */
function token(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ alg: "none" }), part({ scp: "Actions.Results:run-1:job-1" }), "signature"].join(".");
}

/** A page that talks over WebRTC, with a server of its own behind it. Run it: npx tsx examples/webrtc.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler } from "antiphon";
import { engine } from "./engine";

const KEY = "sk-example";
const port = Number(process.env.PORT ?? 3000);
// Behind a firewall: webrtc: { udpPort: 3478 }, and publicIp on a cloud's machine. See docs/webrtc.md.
const realtime = createRealtimeHandler({ engine, authenticate: apiKeys([KEY]) });

const PAGE = `<!doctype html><title>My own page</title><button id=talk>Talk</button><pre id=log></pre><script type=module>
  talk.onclick = async () => {
    const { value } = await (await fetch("/token")).json();
    const peer = new RTCPeerConnection();
    peer.ontrack = ({ streams }) => { const player = new Audio(); player.srcObject = streams[0]; player.play(); };
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    peer.addTrack(microphone.getAudioTracks()[0], microphone);
    const events = peer.createDataChannel("oai-events");
    events.onmessage = ({ data }) => { log.textContent += JSON.parse(data).type + "\\n"; };
    await peer.setLocalDescription();
    const headers = { authorization: "Bearer " + value, "content-type": "application/sdp" };
    const answer = await fetch("/v1/realtime/calls", { method: "POST", headers, body: peer.localDescription.sdp });
    await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  };
</script>`;

/** The key stays here: the page gets a secret that ends soon and opens sessions only. */
async function token(): Promise<string> {
  const request = new Request(`http://localhost:${port}/v1/realtime/client_secrets`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ session: { type: "realtime", model: "gpt-realtime" } }),
  });
  return (await realtime.fetch(request)).text();
}

const server = createServer((req, res) => {
  realtime.middleware(req, res, () => {
    if (req.url === "/token") {
      // Who may have one is yours to decide: look at your own session cookie here.
      void token().then((body) => res.setHeader("content-type", "application/json").end(body));
      return;
    }
    res.setHeader("content-type", "text/html").end(PAGE);
  });
});
// A server of yours may join a call: ws://localhost:3000/v1/realtime?call_id=rtc_…
realtime.attach(server);
server.listen(port, () => console.log(`Listening on http://localhost:${port}, key ${KEY}`));

export default function Page() {
  return <p>My own page. Clients connect to /v1/realtime.</p>;
}

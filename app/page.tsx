export default function Page() {
  return <h1>antiphon</h1>;
}

"use client";
import { useEffect, useState } from "react";

/** How long until the next try, counted down. */
export function RetryLine({ retryAt }: { readonly retryAt: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  return <span className="tabular-nums">{seconds === 0 ? "Trying again now." : `Trying again in ${seconds} s.`}</span>;
}

"use client";
import { signOut as end } from "next-auth/react";

export async function signOut(): Promise<void> {
  await end({ callbackUrl: "/sign-in" });
}

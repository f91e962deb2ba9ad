export * from "./agents";
export * from "./keys";
export * from "./operations";
export * from "./organisations";
export * from "./sessions";
export * from "./team";
export * from "./usage";
export * from "./users";

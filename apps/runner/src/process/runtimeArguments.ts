/** How this runtime runs a program: what stands between it and the program's file. */
export const runtimeArguments: ReadonlyArray<string> = "Deno" in globalThis ? ["run", "--allow-all"] : []

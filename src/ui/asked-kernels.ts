/** The kernel profile that the page's address asks for, as in `?kernels=register`; whoever opens the device checks it. */
export function askedKernels(): string | undefined {
  return new URLSearchParams(location.search).get('kernels') ?? undefined;
}

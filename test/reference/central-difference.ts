/**
 * Gradient of a scalar function by central differences, (f(x + h) − f(x − h)) / 2h for each element.
 *
 * The error is h²·f‴/6 from truncation and about |f|·2^−52 / h from rounding: with h = 1e-5 and functions
 * and derivatives near 1, both stay under 1e-10.
 */
export function centralDifference(f: (x: Float64Array) => number, x: Float64Array, h = 1e-5): Float64Array {
  const moved = x.slice();
  return x.map((value, i) => {
    moved[i] = value + h;
    const above = f(moved);
    moved[i] = value - h;
    const below = f(moved);
    moved[i] = value;
    return (above - below) / (2 * h);
  });
}

"""What the processor reaches without onnxruntime: a yardstick for `flopgap calibrate`, on x86 and ARM with a C compiler.

FMA: independent multiply-adds in registers, float32, one thread. STREAM: a[i] = b[i] + c[i] over arrays that together take
a working set, as McCalpin's STREAM Add, 12 bytes an element. Prints JSON. Rates are of the median of several runs.
"""

import ctypes, json, os, subprocess, sys, tempfile

SOURCE = r"""
#include <stddef.h>
typedef float v __attribute__((vector_size(BYTES)));

/* more sums in hand than units times latency, and as many as fit into the registers */
#define SUMS (BYTES == 64 ? 24 : 12)

float fma_loop(long n) {
  v s[SUMS], a, b;
  for (int i = 0; i < SUMS; i++) s[i] = (v){0} + (float)i;
  a = (v){0} + 0.999f;
  b = (v){0} + 0.001f;
  for (long k = 0; k < n; k++) {
    _Pragma("GCC unroll 24") for (int i = 0; i < SUMS; i++) s[i] = s[i] * a + b;
  }
  v t = s[0];
  for (int i = 1; i < SUMS; i++) t += s[i];
  float sum = 0;
  for (size_t i = 0; i < sizeof(v) / sizeof(float); i++) sum += t[i];
  return sum;
}

void add(float *restrict a, const float *restrict b, const float *restrict c, long n, long times) {
  for (long k = 0; k < times; k++) {
    for (long i = 0; i < n; i++) a[i] = b[i] + c[i];
    __asm__ volatile("" : : "r"(a) : "memory");
  }
}
"""


# arrays start at a cache line, as STREAM's do: a vector across two lines takes twice as long
LINE = 64


def build(folder, width):
    path = os.path.join(folder, f"peak{width}")
    with open(path + ".c", "w") as file:
        file.write(SOURCE)
    flags = ["-O3", "-march=native", "-ffp-contract=fast", f"-mprefer-vector-width={8 * width}", f"-DBYTES={width}", "-shared", "-fPIC"]
    command = ["cc", *flags, path + ".c", "-o", path + ".so"]
    if subprocess.run(command, capture_output=True).returncode != 0:
        command.remove(f"-mprefer-vector-width={8 * width}")
        subprocess.run(command, check=True)
    library = ctypes.CDLL(path + ".so")
    library.fma_loop.restype = ctypes.c_float
    library.fma_loop.argtypes = [ctypes.c_long]
    library.add.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_long] * 2
    return library


def median_seconds(work, runs=15):
    from time import perf_counter

    work()
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return sorted(times)[len(times) // 2]


def main():
    sizes = [int(size) for size in sys.argv[1:]] or [98304, 1572864, 25165824, 402653184]
    with tempfile.TemporaryDirectory() as folder:
        libraries = {width: build(folder, width) for width in (16, 32, 64)}
        n = 400_000
        fma = {
            width: 2 * (24 if width == 64 else 12) * (width // 4) * n / median_seconds(lambda: library.fma_loop(n))
            for width, library in libraries.items()
        }
        stream = []
        for size in sizes:
            elements = size // 12
            buffers = [ctypes.create_string_buffer(b"\1" * 4 * elements, 4 * elements + LINE) for _ in range(3)]
            arrays = [ctypes.addressof(buffer) + -ctypes.addressof(buffer) % LINE for buffer in buffers]
            times = max(1, 20_000_000 // elements)
            rates = {
                width: 12 * elements * times / median_seconds(lambda: library.add(*arrays, elements, times), 7)
                for width, library in libraries.items()
            }
            stream.append({"workingSetBytes": size, "bytesPerSecond": max(rates.values()), "byVectorBytes": rates})
        print(json.dumps({"flopsPerSecond": max(fma.values()), "byVectorBytes": fma, "stream": stream}))


main()

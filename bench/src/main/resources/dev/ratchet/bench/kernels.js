// Work for the processor, the same text for every engine. Each kernel is called once per run and gives back a number
// that depends on all it did, with the milliseconds that took.
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

// Five bodies, as in the Computer Language Benchmarks Game: masses around a heavy one, symplectic steps.
function nbody(steps) {
  const bodies = [];
  for (let i = 0; i < 5; i++) {
    const angle = i * 1.3;
    const distance = i * 4;
    bodies.push({
      x: Math.cos(angle) * distance,
      y: Math.sin(angle) * distance,
      z: i * 0.1,
      vx: -Math.sin(angle) * 0.5,
      vy: Math.cos(angle) * 0.5,
      vz: 0.01 * i,
      mass: i === 0 ? 39.5 : 0.01 * i,
    });
  }
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < bodies.length; i++) {
      const a = bodies[i];
      for (let j = i + 1; j < bodies.length; j++) {
        const b = bodies[j];
        const dx = a.x - b.x;
        const dy = a.y - b.y;
        const dz = a.z - b.z;
        const square = dx * dx + dy * dy + dz * dz;
        const force = 0.001 / (square * Math.sqrt(square));
        a.vx -= dx * b.mass * force;
        a.vy -= dy * b.mass * force;
        a.vz -= dz * b.mass * force;
        b.vx += dx * a.mass * force;
        b.vy += dy * a.mass * force;
        b.vz += dz * a.mass * force;
      }
    }
    for (const body of bodies) {
      body.x += 0.001 * body.vx;
      body.y += 0.001 * body.vy;
      body.z += 0.001 * body.vz;
    }
  }
  return bodies[0].x + bodies[4].y;
}

// The compression function of SHA-256 (FIPS 180-4) over blocks that follow from one another.
function sha(blocks) {
  const constants = new Int32Array(64);
  for (let i = 0, candidate = 2; i < 64; candidate++) {
    let prime = true;
    for (let d = 2; d * d <= candidate; d++) {
      if (candidate % d === 0) {
        prime = false;
        break;
      }
    }
    if (prime) {
      const root = Math.cbrt(candidate);
      constants[i++] = ((root - Math.floor(root)) * 4294967296) | 0;
    }
  }
  const words = new Int32Array(64);
  const state = new Int32Array([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]);
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 16; i++) {
      words[i] = state[i & 7] + i * block;
    }
    for (let i = 16; i < 64; i++) {
      const w15 = words[i - 15];
      const w2 = words[i - 2];
      const s0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
      const s1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i] + words[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
  return state[0];
}

// Some records of about 1 MB as text: written, read, changed, written.
function json(records) {
  const list = [];
  for (let i = 0; i < records; i++) {
    list.push({ id: i, name: `record number ${i}`, tags: ['a', 'b', String(i)], price: i * 1.25, ok: i % 3 === 0 });
  }
  const text = JSON.stringify(list);
  const read = JSON.parse(text);
  for (const record of read) {
    record.price += 1;
  }
  return text.length + JSON.stringify(read).length;
}

function main(input) {
  const kernels = { fib, nbody, sha, json };
  const begun = performance.now();
  const result = kernels[input.kernel](input.size);
  return { millis: performance.now() - begun, result };
}

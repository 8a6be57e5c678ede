// In the audio thread: sound of any rate becomes 16-bit PCM at 16,000 a second, as the server takes it.
//
// What such a rate cannot hold is filtered out first (a sinc in a Hann window), or it would come back as a noise of another pitch.

const RATE = 16_000;
const CHUNK = 800; // samples that are sent at once: 50 ms
const CROSSINGS = 16; // of the sinc on each side: more is sharper, and later
const FINE = 64; // points of the table a sample

class Pcm extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE;
    const cutoff = Math.min(1, 0.92 / this.step);
    this.reach = Math.ceil(CROSSINGS / cutoff);
    this.table = Float32Array.from({ length: this.reach * FINE + 1 }, (_, i) => weight(i / FINE, cutoff, this.reach));
    this.heard = new Float32Array(this.reach * 2 + 4096); // what is not used up yet, `filled` samples of it
    this.filled = this.reach; // silence before the first sample
    this.at = this.reach; // where in `heard` the next sample is taken
    this.chunk = new Int16Array(CHUNK);
    this.count = 0;
    this.power = 0;
  }

  process([input]) {
    const sound = input[0];
    if (!sound) return true;
    this.heard.set(sound, this.filled);
    this.filled += sound.length;
    for (; this.at + this.reach < this.filled; this.at += this.step) this.give(this.sample());
    const used = Math.floor(this.at) - this.reach;
    if (used > 0) {
      this.heard.copyWithin(0, used, this.filled);
      this.filled -= used;
      this.at -= used;
    }
    return true;
  }

  sample() {
    let sum = 0;
    const last = Math.floor(this.at + this.reach);
    for (let i = Math.ceil(this.at - this.reach); i <= last; i++) sum += this.heard[i] * this.table[Math.round(Math.abs(this.at - i) * FINE)];
    return Math.max(-1, Math.min(1, sum));
  }

  give(sample) {
    this.chunk[this.count++] = Math.round(sample * 32_767);
    this.power += sample * sample;
    if (this.count < CHUNK) return;
    this.port.postMessage({ pcm: this.chunk.buffer, level: Math.sqrt(this.power / CHUNK) }, [this.chunk.buffer]);
    this.chunk = new Int16Array(CHUNK);
    this.count = this.power = 0;
  }
}

function weight(distance, cutoff, reach) {
  if (distance >= reach) return 0;
  const x = Math.PI * distance * cutoff;
  return cutoff * (x === 0 ? 1 : Math.sin(x) / x) * 0.5 * (1 + Math.cos(Math.PI * distance / reach));
}

registerProcessor("pcm", Pcm);

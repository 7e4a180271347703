package replay

import (
	"math/bits"
	"time"
)

// Latencies is how long attempts took, within 1.6 percent, in a few KiB however many
// there are. The zero Latencies are none.
type Latencies struct {
	counts [64 << stepBits]uint32
	total  int
}

// stepBits is in how many parts each power of two is counted, as a power of two.
const stepBits = 5

// Add counts one.
func (l *Latencies) Add(d time.Duration) {
	l.counts[bucket(uint64(max(0, d)))]++
	l.total++
}

// bucket is where n is counted: its highest bit, and the stepBits below that.
func bucket(n uint64) int {
	high := bits.Len64(n) - 1
	if high < stepBits {
		return int(n)
	}
	return high<<stepBits | int(n>>(high-stepBits))&(1<<stepBits-1)
}

// middle is the middle of what is counted at i.
func middle(i int) uint64 {
	high := i >> stepBits
	if high < stepBits {
		return uint64(i)
	}
	shift := high - stepBits
	return (uint64(i&(1<<stepBits-1))|1<<stepBits)<<shift + 1<<shift>>1
}

// At is the latency that the part p of all did not exceed, 0.95 being all but the
// slowest twentieth; 0 where there are none.
func (l *Latencies) At(p float64) time.Duration {
	left := int(p * float64(l.total))
	if left >= l.total {
		left = l.total - 1
	}
	for i, n := range l.counts {
		if left -= int(n); left < 0 && n > 0 {
			return time.Duration(middle(i))
		}
	}
	return 0
}

// Len is how many there are.
func (l *Latencies) Len() int { return l.total }

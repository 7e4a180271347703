package cli

import (
	"math"
	"time"
)

const (
	// sketchGrowth is how much longer the latencies of a bucket may be than the shortest
	// of it: percentiles are off by 1 % at most.
	sketchGrowth = 1.02
	// sketchBuckets reach from a microsecond to more than two hours.
	sketchBuckets = 1152
)

// A latencySketch counts latencies in buckets, in the same small memory however many there
// are: 9 KB. The longest and shortest are exact, other percentiles to 1 %.
type latencySketch struct {
	count    int
	shortest time.Duration
	longest  time.Duration
	buckets  [sketchBuckets]uint64
}

// add counts a latency.
func (s *latencySketch) add(d time.Duration) {
	if s.count == 0 || d < s.shortest {
		s.shortest = d
	}
	s.longest = max(s.longest, d)
	s.count++
	s.buckets[sketchBucket(d)]++
}

func sketchBucket(d time.Duration) int {
	us := float64(d) / float64(time.Microsecond)
	if us <= 1 {
		return 0
	}
	return min(int(math.Log(us)/math.Log(sketchGrowth))+1, sketchBuckets-1)
}

// percentile is the latency that p percent of all do not exceed, by the nearest rank.
func (s *latencySketch) percentile(p float64) time.Duration {
	rank := uint64(math.Ceil(p / 100 * float64(s.count)))
	if rank >= uint64(s.count) {
		return s.longest
	}
	seen := uint64(0)
	for i, n := range s.buckets {
		if seen += n; seen >= max(rank, 1) {
			return min(max(bucketMiddle(i), s.shortest), s.longest)
		}
	}
	return s.longest
}

// bucketMiddle is as far from both ends of a bucket, as parts of them.
func bucketMiddle(i int) time.Duration {
	if i == 0 {
		return time.Microsecond
	}
	return time.Duration(math.Pow(sketchGrowth, float64(i)-0.5) * float64(time.Microsecond))
}

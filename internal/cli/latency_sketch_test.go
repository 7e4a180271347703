package cli

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Percentiles are those of all latencies, to 1 %; the longest is exact.
func TestPercentilesAreNearlyExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, draw := range map[string]func() time.Duration{
		"even":     func() time.Duration { return time.Duration(random.Int64N(int64(time.Second))) + time.Microsecond },
		"skewed":   func() time.Duration { return time.Duration(math.Exp(random.NormFloat64()*2+14)) + time.Microsecond },
		"constant": func() time.Duration { return 42 * time.Millisecond },
		"long":     func() time.Duration { return time.Hour + time.Duration(random.Int64N(int64(time.Hour))) },
	} {
		var s latencySketch
		var all []time.Duration
		for range 20_000 {
			d := draw()
			s.add(d)
			all = append(all, d)
		}
		slices.Sort(all)
		for _, p := range []float64{1, 50, 90, 99, 99.9} {
			want := all[int(math.Ceil(p/100*float64(len(all))))-1]
			if got := s.percentile(p); math.Abs(float64(got-want)) > 0.0101*float64(want) {
				t.Errorf("%s: p%g: got %s, want %s", name, p, got, want)
			}
		}
		if s.percentile(100) != all[len(all)-1] {
			t.Errorf("%s: the longest: got %s, want %s", name, s.percentile(100), all[len(all)-1])
		}
	}
}

func TestPercentilesOfFew(t *testing.T) {
	var s latencySketch
	if got := s.percentile(50); got != 0 {
		t.Errorf("of none: %s", got)
	}
	s.add(7 * time.Millisecond)
	for _, p := range []float64{0, 1, 50, 100} {
		if got := s.percentile(p); got != 7*time.Millisecond {
			t.Errorf("p%g of one: %s", p, got)
		}
	}
	s.add(0)
	s.add(30 * 24 * time.Hour)
	if s.percentile(100) != 30*24*time.Hour || s.percentile(1) > time.Microsecond {
		t.Errorf("the ends: %s, %s", s.percentile(1), s.percentile(100))
	}
}

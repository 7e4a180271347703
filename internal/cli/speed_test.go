package cli

import "testing"

func TestSpeedFactors(t *testing.T) {
	for text, want := range map[string]float64{"10x": 10, "0.5x": 0.5, "3": 3, "2X": 2} {
		var s speedFactor
		if err := s.Set(text); err != nil || float64(s) != want {
			t.Errorf("%s: %g, %v", text, float64(s), err)
		}
	}
	for _, text := range []string{"", "x", "0x", "-1x", "fast", "60s", "NaN", "Inf", "1e9x"} {
		var s speedFactor
		if err := s.Set(text); err == nil {
			t.Errorf("%q is taken for %g", text, float64(s))
		}
	}
}

package cli

import (
	"fmt"
	"strconv"
	"strings"
)

// speedFactor is how many times as fast something is, such as 10x; 0 where it is not given.
type speedFactor float64

func (s *speedFactor) Type() string { return "FACTOR" }

func (s *speedFactor) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(*s), 'g', -1, 64) + "x"
}

func (s *speedFactor) Set(text string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.ToLower(text), "x"), 64)
	if err != nil || !(n > 0 && n <= 1e9) {
		return fmt.Errorf("want a factor such as 10x or 0.5x, got %q", text)
	}
	*s = speedFactor(n)
	return nil
}

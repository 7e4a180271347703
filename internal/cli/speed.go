package cli

import (
	"fmt"
	"strconv"
	"strings"
)

// speedFactor is how many times as fast as the clock something passes, 10x or 10; 0 where
// it is not given.
type speedFactor float64

func (s *speedFactor) Type() string { return "FACTOR" }

func (s *speedFactor) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(*s), 'f', -1, 64) + "x"
}

func (s *speedFactor) Set(text string) error {
	const most = 1e6
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.ToLower(text), "x"), 64)
	if err != nil || !(n > 0 && n <= most) {
		return fmt.Errorf("want how many times as fast, such as 60x, got %q", text)
	}
	*s = speedFactor(n)
	return nil
}

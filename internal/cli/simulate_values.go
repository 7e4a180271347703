package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/provider"
)

// periods collects flags that are periods.
type periods []time.Duration

func (p *periods) Type() string { return "PERIOD" }

func (p *periods) String() string {
	texts := make([]string, len(*p))
	for i, d := range *p {
		texts[i] = period(d).text()
	}
	return strings.Join(texts, ",")
}

func (p *periods) Set(text string) error {
	var one period
	if err := one.Set(text); err != nil {
		return err
	}
	*p = append(*p, time.Duration(one))
	return nil
}

// Append, Replace and GetSlice are those of a pflag.SliceValue: a configuration may have
// several values.
func (p *periods) Append(text string) error { return p.Set(text) }

// Replace puts others in their place.
func (p *periods) Replace(texts []string) error {
	*p = nil
	for _, text := range texts {
		if err := p.Set(text); err != nil {
			return err
		}
	}
	return nil
}

// GetSlice returns them as texts.
func (p *periods) GetSlice() []string {
	texts := make([]string, len(*p))
	for i, d := range *p {
		texts[i] = period(d).text()
	}
	return texts
}

// text is the period for people, also where it is nothing.
func (p period) text() string { return provider.Duration(p).String() }

// A deadlineScale says how much time a handler really has: a factor of the provider's
// deadline, or so long.
type deadlineScale struct {
	factor float64
	limit  time.Duration
}

func (s *deadlineScale) Type() string { return "FACTOR" }

func (s *deadlineScale) String() string {
	switch {
	case s.limit > 0:
		return s.limit.String()
	case s.factor > 0:
		return strconv.FormatFloat(s.factor, 'g', -1, 64)
	}
	return ""
}

func (s *deadlineScale) Set(text string) error {
	const least, most = 0.0001, 1000
	if factor, err := strconv.ParseFloat(text, 64); err == nil && factor >= least && factor <= most {
		*s = deadlineScale{factor: factor}
		return nil
	}
	if limit, err := time.ParseDuration(text); err == nil && limit > 0 {
		*s = deadlineScale{limit: limit}
		return nil
	}
	return fmt.Errorf("want a factor such as 0.1, or a time such as 1s, got %q", text)
}

func (s *deadlineScale) given() bool { return s.factor > 0 || s.limit > 0 }

// of is the time that an answer really has, where the provider gives it deadline.
func (s *deadlineScale) of(deadline time.Duration) time.Duration {
	switch {
	case s.limit > 0:
		return s.limit
	case s.factor > 0:
		return max(time.Millisecond, time.Duration(float64(deadline)*s.factor))
	}
	return deadline
}

package cli

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
)

// The types of flag values: each checks its text when it is given.

// oneValue is a text that is given once: of several the command line would take the last,
// and say nothing of the others.
type oneValue struct {
	text  *string
	given []string
}

func (o *oneValue) Type() string   { return "string" }
func (o *oneValue) String() string { return *o.text }

func (o *oneValue) Set(text string) error {
	*o.text, o.given = text, append(o.given, text)
	return nil
}

// check refuses a flag that was given more than once.
func (o *oneValue) check(flag string) error {
	if len(o.given) < 2 {
		return nil
	}
	return usage("leave all but one out", "--%s: want it once, got %q and %q", flag, o.given[0], o.given[1])
}

// byteSize is a number of bytes, such as 25MiB, 500kB or 1048576.
type byteSize int64

func (b *byteSize) Type() string   { return "SIZE" }
func (b *byteSize) String() string { return formatByteSize(int64(*b)) }

func (b *byteSize) Set(text string) error {
	digits := strings.TrimRight(text, "BKMGTbkmgti ")
	unit := strings.ToLower(strings.TrimSpace(text[len(digits):]))
	factor, ok := map[string]int64{
		"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30,
		"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
	}[unit]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !ok || n < 0 || n > (1<<62)/factor {
		return fmt.Errorf("want a size such as 25MiB, 500kB or 1048576, got %q", text)
	}
	*b = byteSize(n * factor)
	return nil
}

func formatByteSize(n int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.size && n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10)
}

// period is a length of time that may be given in days and weeks: 36h, 30d, 2w.
type period time.Duration

func (p *period) Type() string { return "PERIOD" }

func (p *period) String() string {
	d := time.Duration(*p)
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	if d == 0 {
		return ""
	}
	return d.String()
}

// Set reads a period: days and weeks may have a rest, as in 1d12h or "1d 12h".
func (p *period) Set(text string) error {
	const day = 24 * time.Hour
	var total time.Duration
	rest := text
	for suffix, unit := range map[string]time.Duration{"d": day, "w": 7 * day} {
		digits, after, ok := strings.Cut(text, suffix)
		if !ok {
			continue
		}
		if n, err := strconv.ParseUint(digits, 10, 16); err == nil && time.Duration(n) < math.MaxInt64/2/unit {
			total, rest = time.Duration(n)*unit, strings.TrimPrefix(after, " ")
		}
	}
	if rest != "" || rest == text {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 || rest != text && strings.ContainsAny(rest[:1], "+-") {
			return fmt.Errorf("want a period such as 36h, 30d or 2w, got %q", text)
		}
		total += d
	}
	*p = period(total)
	return nil
}

// headers collects 'Name: value' flags.
type headers hook.Header

func (h *headers) Type() string   { return "'NAME: VALUE'" }
func (h *headers) String() string { return "" }

func (h *headers) Set(text string) error {
	name, value, ok := strings.Cut(text, ":")
	if !ok {
		return fmt.Errorf("want 'Name: value', got %q, which has no colon", text)
	}
	value = strings.Trim(value, " \t")
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !isTokenRune(r) }) {
		return fmt.Errorf("want a header name of letters, digits and hyphens before the colon, got %q", name)
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return fmt.Errorf("the value of %s has a control character, which no header may have: %q", name, value)
	}
	*h = append(*h, hook.Field{Name: name, Value: value})
	return nil
}

// readHeaders reads headers that are given as 'Name: value', or in files of such
// lines as @FILE.
func (a *app) readHeaders(args []string) (headers, error) {
	var all headers
	for _, arg := range args {
		lines := []string{arg}
		if path, ok := strings.CutPrefix(arg, "@"); ok {
			text, err := os.ReadFile(a.absolute(path))
			if err != nil {
				return nil, cannot("", fmt.Errorf("--header: %w", err))
			}
			lines = strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' || r == '\r' })
		}
		for _, line := range lines {
			if err := all.Set(line); err != nil {
				return nil, usage("", "--header: %w", err)
			}
		}
	}
	return all, nil
}

// isTokenRune reports whether r may stand in a header name (RFC 9110, 5.6.2).
func isTokenRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// Append, Replace and GetSlice make headers a flag that may be given several times.
func (h *headers) Append(text string) error { return h.Set(text) }

func (h *headers) Replace(texts []string) error {
	*h = nil
	for _, text := range texts {
		if err := h.Set(text); err != nil {
			return err
		}
	}
	return nil
}

func (h *headers) GetSlice() []string {
	var texts []string
	for _, f := range *h {
		texts = append(texts, f.Name+": "+f.Value)
	}
	return texts
}

// replyScript is the steps of a reply script.
type replyScript []listener.Step

func (s *replyScript) Type() string { return "STEPS" }

func (s *replyScript) String() string {
	var words []string
	for _, step := range *s {
		words = append(words, step.String())
	}
	return strings.Join(words, ",")
}

func (s *replyScript) Set(text string) error {
	steps, err := listener.ParseScript(text)
	if err != nil {
		return err
	}
	*s = steps
	return nil
}

// status is an HTTP status that can be answered.
type status int

func (s *status) Type() string   { return "STATUS" }
func (s *status) String() string { return strconv.Itoa(int(*s)) }

func (s *status) Set(text string) error {
	n, err := listener.ParseStatus(text)
	if err != nil {
		return err
	}
	*s = status(n)
	return nil
}

// choice is one of a few words.
type choice struct {
	value string
	valid []string
}

func (c *choice) Type() string   { return strings.Join(c.valid, "|") }
func (c *choice) String() string { return c.value }

func (c *choice) offer(string) []string { return c.valid }

func (c *choice) Set(text string) error {
	if err := oneOf(text, c.valid...); err != nil {
		return err
	}
	c.value = text
	return nil
}

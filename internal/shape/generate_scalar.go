package shape

import (
	"encoding/json"
	"math/big"
	"strings"
	"unicode/utf8"
)

// number makes a number within its limits: 1 where there are none.
func (g *generator) number(f *form) (any, error) {
	step := f.limits["multipleOf"]
	whole := f.types&typeFraction == 0
	if step == nil && whole || step == nil && f.limits["exclusiveMinimum"] == nil && f.limits["exclusiveMaximum"] == nil {
		step = big.NewRat(1, 1)
	} else if step == nil {
		step = f.between()
	}
	if whole && !step.IsInt() {
		step = new(big.Rat).SetInt(step.Num()) // a multiple of it that is whole
	}
	n := f.start(step)
	n.Add(n, new(big.Rat).Mul(step, big.NewRat(int64(g.variant), 1)))
	text, exact := decimal(n)
	if !exact || !f.within(n) {
		if low := f.limits["minimum"]; low != nil && !whole && f.limits["multipleOf"] == nil && f.within(low) {
			if text, exact = decimal(low); exact {
				return json.Number(text), nil
			}
		}
		return nil, UnworkableError("no number is within the limits")
	}
	return json.Number(text), nil
}

// between is a step that is smaller than the space between the limits.
func (f *form) between() *big.Rat {
	step := big.NewRat(1, 1)
	low, high := f.lowest(), f.highest()
	for range 20 {
		if low == nil || high == nil || new(big.Rat).Sub(high, low).Cmp(new(big.Rat).Add(step, step)) > 0 {
			break
		}
		step.Mul(step, big.NewRat(1, 10))
	}
	return step
}

func (f *form) lowest() *big.Rat  { return firstOf(f.limits["minimum"], f.limits["exclusiveMinimum"]) }
func (f *form) highest() *big.Rat { return firstOf(f.limits["maximum"], f.limits["exclusiveMaximum"]) }

func firstOf(a, b *big.Rat) *big.Rat {
	if a != nil {
		return a
	}
	return b
}

// start is the multiple of step to begin with: the first from 1 on, or the nearest to it
// that the limits allow.
func (f *form) start(step *big.Rat) *big.Rat {
	from := big.NewRat(1, 1)
	if low := f.lowest(); low != nil && low.Cmp(from) > 0 {
		from = low
	}
	n := multiple(from, step)
	if low := f.limits["exclusiveMinimum"]; low != nil && n.Cmp(low) <= 0 {
		n.Add(n, step)
	}
	if high := f.highest(); high != nil && n.Cmp(high) > 0 {
		n = multiple(high, step)
		if n.Cmp(high) > 0 {
			n.Sub(n, step)
		}
	}
	if high := f.limits["exclusiveMaximum"]; high != nil && n.Cmp(high) >= 0 {
		n.Sub(n, step)
	}
	return n
}

// multiple is the smallest multiple of step that is not less than from.
func multiple(from, step *big.Rat) *big.Rat {
	times := ceil(new(big.Rat).Quo(from, step))
	return new(big.Rat).Mul(new(big.Rat).SetInt(times), step)
}

func (f *form) within(n *big.Rat) bool {
	for keyword, allowed := range map[string]func(int) bool{
		"minimum": func(c int) bool { return c >= 0 }, "exclusiveMinimum": func(c int) bool { return c > 0 },
		"maximum": func(c int) bool { return c <= 0 }, "exclusiveMaximum": func(c int) bool { return c < 0 },
	} {
		if limit := f.limits[keyword]; limit != nil && !allowed(n.Cmp(limit)) {
			return false
		}
	}
	return true
}

// decimal is n in digits, and whether that is n exactly.
func decimal(n *big.Rat) (string, bool) {
	if n.IsInt() {
		return n.Num().String(), true
	}
	digits, exact := n.FloatPrec()
	if digits > maxPower {
		return "", false
	}
	return n.FloatString(digits), exact
}

// text makes a string: by its pattern, by its format, else a word that is long enough.
func (g *generator) text(f *form) (any, error) {
	least, most := f.count("minLength", 0), f.count("maxLength", 1<<20)
	if least > maxText || least > most {
		return nil, UnworkableError("no text has that length")
	}
	switch {
	case len(f.patterns) > 0:
		return g.byPattern(f, least, most)
	case len(f.formats) > 0:
		for _, text := range formatted(f.formats[0], g.variant, least) {
			if n := utf8.RuneCountInString(text); n >= least && n <= most {
				return text, nil
			}
		}
	}
	text := "string"
	if g.variant > 0 {
		text += strings.Repeat("s", g.variant)
	}
	if len(text) < least {
		text += strings.Repeat("s", least-len(text))
	}
	return text[:min(len(text), most)], nil
}

// byPattern makes a text for the first pattern, and tries whether the others fit. A date
// is better than digits that look like one.
func (g *generator) byPattern(f *form, least, most int) (any, error) {
	for _, text := range g.familiar(f) {
		if n := utf8.RuneCountInString(text); n >= least && n <= most && matchesAll(f.patterns, text) {
			return text, nil
		}
	}
	usual, err := fromPattern(f.patterns[0], least, most)
	if err != nil {
		return nil, err
	}
	if g.variant > 0 {
		longer, err := fromPattern(f.patterns[0], utf8.RuneCountInString(usual)+g.variant, most)
		if err == nil && matchesAll(f.patterns[1:], longer) {
			return longer, nil
		}
	}
	if !matchesAll(f.patterns[1:], usual) {
		return nil, UnworkableError("no text was found for the patterns")
	}
	return usual, nil
}

// familiar are texts that the patterns of f may be meant for: of its format, and dates
// where they speak of years.
func (g *generator) familiar(f *form) []string {
	var texts []string
	if len(f.formats) > 0 {
		if text, known := byFormat(f.formats[0], g.variant); known {
			texts = append(texts, text)
		}
	}
	if strings.HasPrefix(f.patterns[0], `^\d{4}-`) || strings.HasPrefix(f.patterns[0], "^[0-9]{4}-") {
		date, _ := byFormat("date", g.variant)
		texts = append(texts, date, date+"T09:30:00", date+"T09:30:00Z", date+"T09:30:00+00:00", date+"T09:30:00.000Z", date+" 09:30:00")
	}
	return texts
}

func matchesAll(patterns []string, text string) bool {
	for _, pattern := range patterns {
		if !matches(pattern, text) {
			return false
		}
	}
	return true
}

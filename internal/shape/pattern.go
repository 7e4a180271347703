package shape

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// matches reports whether a text fits a pattern. One of another dialect fits nothing.
func matches(pattern, text string) bool {
	compiled, err := regexp.Compile(pattern)
	return err == nil && compiled.MatchString(text)
}

// lookarounds are the parts of a pattern that only look, without parentheses in them.
var lookarounds = lazily(`\(\?<?[!=](?:[^()\\]|\\.)*\)`)

// fromPattern makes a text that fits a pattern and has from least to most characters.
// Where the pattern looks around, that is left out of account.
func fromPattern(pattern string, least, most int) (string, error) {
	plain := lookarounds().ReplaceAllString(pattern, "")
	tree, err := syntax.Parse(plain, syntax.Perl)
	if err != nil {
		return "", UnworkableError("no text was found for the pattern " + pattern)
	}
	empty, found := "", false
	// Up to 256 times more, each number is tried.
	for extra := 0; extra <= maxText; extra = max(extra+1, extra*(extra/256+4)/4) {
		w := &patternWriter{extra: extra}
		w.write(tree)
		text := w.text.String()
		n := utf8.RuneCountInString(text)
		if w.failed || n > maxText || n > most {
			break
		}
		if n < least || !matches(plain, text) {
			continue
		}
		if text != "" {
			return text, nil
		}
		empty, found = text, true
	}
	if found {
		return empty, nil
	}
	return "", UnworkableError("no text was found for the pattern " + pattern)
}

// A patternWriter writes a text that fits a pattern.
type patternWriter struct {
	text   strings.Builder
	extra  int // how many times more than it must be a part is repeated, where it may be
	failed bool
}

func (w *patternWriter) write(re *syntax.Regexp) {
	if w.text.Len() > 4*maxText {
		w.failed = true
	}
	if w.failed {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		w.text.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		w.class(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		w.text.WriteByte('a')
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			w.write(sub)
		}
	case syntax.OpAlternate:
		w.write(re.Sub[0])
	case syntax.OpStar:
		w.repeat(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		w.repeat(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		w.repeat(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		w.repeat(re.Sub[0], re.Min, re.Max)
	case syntax.OpNoMatch:
		w.failed = true
	}
}

func (w *patternWriter) repeat(re *syntax.Regexp, least, most int) {
	n := least + w.extra
	if most >= 0 {
		n = min(n, most)
	}
	for range n {
		w.write(re)
	}
}

// class writes a character of a class: one that reads well, if there is one.
func (w *patternWriter) class(ranges []rune) {
	in := func(r rune) bool {
		for i := 0; i+1 < len(ranges); i += 2 {
			if r >= ranges[i] && r <= ranges[i+1] {
				return true
			}
		}
		return false
	}
	for _, r := range "a1A0fF2_- bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ3456789" {
		if in(r) {
			w.text.WriteRune(r)
			return
		}
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1] && r < ranges[i]+256; r++ {
			if unicode.IsPrint(r) {
				w.text.WriteRune(r)
				return
			}
		}
	}
	if len(ranges) == 0 {
		w.failed = true
		return
	}
	w.text.WriteRune(ranges[0])
}

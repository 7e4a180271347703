package validate

import (
	"errors"
	"path"
	"slices"
	"strings"
)

// A Pattern is a path in which * is any characters but /, ? is one, [abc] one of several,
// and ** any number of folders.
type Pattern struct {
	segments []string
	anywhere bool // it has no slash: it fits any one part of a path
}

// errPattern is the error of a pattern that cannot be meant.
var errPattern = errors.New("want a pattern such as fixtures/**/*.json")

// anyFolders is the part of a pattern that stands for any number of folders.
const anyFolders = "**"

// ParsePattern reads a pattern. One that ends in a slash stands for all in that folder.
func ParsePattern(text string) (*Pattern, error) {
	below := strings.HasSuffix(text, "/")
	p := &Pattern{segments: strings.Split(path.Clean(text), "/"), anywhere: !strings.Contains(text, "/") && text != anyFolders}
	if below {
		p.segments = append(p.segments, anyFolders)
	}
	for _, segment := range p.segments {
		if _, err := path.Match(segment, ""); err != nil || text == "" {
			return nil, errPattern
		}
	}
	return p, nil
}

// ParseSelection reads a pattern that picks out of files which were found otherwise. A
// relative one fits from any folder on: invalid/*.json is that of fixtures/invalid/a.json,
// too. One that begins with ./ or ../ fits from the working folder on.
func ParseSelection(text string) (*Pattern, error) {
	p, err := ParsePattern(text)
	if err != nil || p.anywhere {
		return p, err
	}
	switch first, _, _ := strings.Cut(text, "/"); first {
	case ".":
		p.segments = slices.DeleteFunc(p.segments, func(segment string) bool { return segment == "." })
	case "", "..", anyFolders:
	default:
		p.segments = slices.Insert(p.segments, 0, anyFolders)
	}
	return p, nil
}

// Absolute reports whether only absolute paths fit the pattern.
func (p *Pattern) Absolute() bool { return path.IsAbs(strings.Join(p.segments, "/")) }

// Match reports whether the pattern fits a path with forward slashes. A pattern without
// a slash fits every path of which one part fits it.
func (p *Pattern) Match(name string) bool {
	parts := strings.Split(path.Clean(name), "/")
	if p.anywhere {
		return slices.ContainsFunc(parts, func(part string) bool { return fits(p.segments[0], part) })
	}
	return match(p.segments, parts)
}

func match(segments, parts []string) bool {
	for len(segments) > 0 {
		if segments[0] == anyFolders {
			for skip := range len(parts) + 1 {
				if match(segments[1:], parts[skip:]) {
					return true
				}
			}
			return false
		}
		if len(parts) == 0 || !fits(segments[0], parts[0]) {
			return false
		}
		segments, parts = segments[1:], parts[1:]
	}
	return len(parts) == 0
}

// fits reports whether one part of a path fits one of a pattern.
func fits(segment, part string) bool {
	ok, _ := path.Match(segment, part) // the pattern was read: it has no fault
	return ok
}

// isPattern reports whether text has signs that only a pattern has.
func isPattern(text string) bool { return strings.ContainsAny(text, "*?[") }

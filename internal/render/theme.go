package render

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// A theme is the few styles that everything is shown in. The colours are the
// terminal's own sixteen, which its user has made readable on light or on dark.
type theme struct {
	plain, faint, strong     lipgloss.Style
	good, aside, warn, alarm lipgloss.Style
}

// newTheme pins the colour profile: lipgloss would otherwise ask the
// environment, and the terminal.
func newTheme(w io.Writer, color bool) theme {
	profile := termenv.Ascii
	if color {
		profile = termenv.ANSI
	}
	renderer := lipgloss.NewRenderer(w, termenv.WithProfile(profile))
	renderer.SetColorProfile(profile)
	style := renderer.NewStyle
	return theme{
		plain:  style(),
		faint:  style().Faint(true),
		strong: style().Bold(true),
		good:   style().Foreground(lipgloss.Color("2")),
		aside:  style().Foreground(lipgloss.Color("6")),
		warn:   style().Foreground(lipgloss.Color("3")),
		alarm:  style().Foreground(lipgloss.Color("1")),
	}
}

// status is the style of an HTTP status; 0 stands for no answer.
func (t theme) status(code int) lipgloss.Style {
	switch {
	case code == 0 || code >= 500:
		return t.alarm
	case code >= 400:
		return t.warn
	case code >= 300:
		return t.aside
	}
	return t.good
}

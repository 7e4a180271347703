package delivery

import (
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// Words says what the provider does, as in "Recharge " + Words: "tells the owner of the
// API token", "pauses the endpoint until it is updated".
func (e Effect) Words() string {
	switch e.Do {
	case provider.Discard:
		return "discards the event"
	case provider.Pause:
		return "pauses the endpoint" + untilInWords(e.Until)
	case provider.Disable:
		return "disables the endpoint" + untilInWords(e.Until)
	case provider.Delete:
		return "deletes the endpoint" + untilInWords(e.Until)
	}
	switch {
	case e.Errors:
		return "sends its message about failed deliveries"
	case e.Event != "":
		return "sends the event " + e.Event
	case e.Whom != "":
		return "tells " + e.Whom
	}
	return "tells somebody"
}

// untilInWords says what ends an effect.
func untilInWords(until string) string {
	switch until {
	case "":
		return ""
	case "updated":
		return " until it is updated"
	case "enabled":
		return " until it is enabled by hand"
	case "recreated":
		return ": it must be registered anew"
	}
	return " for " + until
}

// StandingWords says how an endpoint stands, in a few words: "enabled", "paused until it
// is updated: 11 failures in a row".
func StandingWords(s hook.Standing) string {
	if s.Status == "" || s.Status == hook.Enabled {
		return string(hook.Enabled)
	}
	text := string(s.Status) + untilInWords(s.Until)
	if !s.Back.IsZero() {
		text = string(s.Status) + " until " + s.Back.UTC().Format("2006-01-02T15:04:05Z")
	}
	if s.Reason != "" {
		text += ", since " + s.Reason
	}
	return text
}

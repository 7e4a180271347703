package delivery_test

import (
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

func TestEffectsInWords(t *testing.T) {
	for want, e := range map[string]delivery.Effect{
		"discards the event":                                {Do: provider.Discard},
		"pauses the endpoint until it is updated":           {Do: provider.Pause, Until: "updated"},
		"pauses the endpoint for 1m":                        {Do: provider.Pause, Until: "1m"},
		"disables the endpoint until it is enabled by hand": {Do: provider.Disable, Until: "enabled"},
		"deletes the endpoint: it must be registered anew":  {Do: provider.Delete, Until: "recreated"},
		"tells the owner of the API token":                  {Do: provider.Notify, Whom: "the owner of the API token"},
		"sends the event message.attempt.failing":           {Do: provider.Notify, Event: "message.attempt.failing"},
		"sends its message about failed deliveries":         {Do: provider.Notify, Errors: true},
	} {
		if got := e.Words(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestStandingsInWords(t *testing.T) {
	for want, s := range map[string]hook.Standing{
		"enabled": {InRow: 3},
		"paused until it is updated, since 11 failures in a row": {Status: hook.Paused, Until: "updated", Reason: "11 failures in a row"},
		"paused until 2026-11-21T08:00:00Z":                      {Status: hook.Paused, Back: time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)},
	} {
		if got := delivery.StandingWords(s); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

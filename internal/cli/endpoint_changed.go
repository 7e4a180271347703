package cli

import (
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

// What a command can have done to an endpoint.
const (
	actionEnable  = "enable"
	actionDisable = "disable"
	actionRemove  = "remove"
	actionRotate  = "rotate_secret"
)

// An endpointChanged says what a command did to an endpoint, for programs.
type endpointChanged struct {
	Name   string `json:"name"`
	Action string `json:"action"`
	// Status is how it stands now, "" where it is gone. Was is how it stood before.
	Status hook.EndpointStatus `json:"status,omitempty"`
	Was    hook.EndpointStatus `json:"was,omitempty"`
	// Pending is how many deliveries go on, Cancelled how many do not.
	Pending   int `json:"pending,omitempty"`
	Cancelled int `json:"cancelled,omitempty"`
	// Secret is there where it is asked for; the old one counts until OldSecretUntil.
	Secret         string    `json:"secret,omitempty"`
	OldSecretUntil time.Time `json:"old_secret_until_at,omitzero"`
}

// tellChanged tells what was done to an endpoint: programs with an object, people with a
// line.
func (a *app) tellChanged(c endpointChanged, words string) error {
	a.messages().Status(words)
	if !a.global.json {
		return nil
	}
	return render.WriteJSON(a.world.Stdout, c)
}

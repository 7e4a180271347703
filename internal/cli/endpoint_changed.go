package cli

import (
	"bytes"
	"path/filepath"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

// What a command can have done to an endpoint.
const (
	actionAdd     = "add"
	actionEdit    = "edit"
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
	// DryRun says that nothing was done; Diff is then how hookctl.yaml would change, "" where
	// it would not.
	DryRun bool   `json:"dry_run,omitempty"`
	Diff   string `json:"diff,omitempty"`
}

// tellChanged tells what was done to an endpoint: programs with an object, people with a
// line.
func (a *app) tellChanged(c endpointChanged, words string) error {
	a.messages().Status(words)
	return a.writeChanged(c)
}

// writeChanged tells programs alone.
func (a *app) writeChanged(c endpointChanged) error {
	if !a.global.json {
		return nil
	}
	return render.WriteJSON(a.world.Stdout, c)
}

// tellUnchanged tells what a dry run would have changed in hookctl.yaml.
func (a *app) tellUnchanged(edit *configEdit, c endpointChanged) error {
	name, before, after := filepath.Base(edit.path), maskedConfig(edit.before), maskedConfig(edit.after)
	if a.global.json {
		var diff bytes.Buffer
		if err := render.New(&diff, render.Options{}).TextDiff(name, before, after); err != nil {
			return err
		}
		c.DryRun, c.Diff = true, diff.String()
		return a.writeChanged(c)
	}
	if !edit.changes() {
		a.messages().Status("nothing would change")
		return nil
	}
	return a.out().TextDiff(name, before, after)
}

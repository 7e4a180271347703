package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/hookctl/hookctl/internal/hook"
)

// examineEndpoints looks whether the endpoints of hookctl.yaml are as they must be, with
// the secrets that it names. Nothing is sent. Where all are, nothing is said.
func (a *app) examineEndpoints(ctx context.Context) []finding {
	const check = "endpoints"
	set, err := a.endpoints()
	if err != nil {
		if _, unread := a.providers(); unread != nil {
			return nil // that is told of already
		}
		return []finding{{check, ill, err.Error(), classify(err).hint}}
	}
	findings := a.examineCredentials()
	for _, e := range set.all() {
		for _, trouble := range e.troubles {
			findings = append(findings, finding{check, ill, e.Name + " cannot be signed for: " + trouble.Error(), classify(trouble).hint})
		}
		for _, p := range append(e.problems(), set.crowded(e)...) {
			f := finding{check, note, e.Name + ": " + p.Text, p.Hint}
			if p.Fatal {
				f.Status = ill
			}
			findings = append(findings, f)
		}
	}
	return append(findings, a.examineStandings(ctx, set)...)
}

// examineCredentials tells of a hookctl.yaml with credentials that others may read.
func (a *app) examineCredentials() []finding {
	if a.file == nil {
		return nil
	}
	text, err := os.ReadFile(a.file.path)
	info, statErr := os.Stat(a.file.path)
	if err != nil || statErr != nil || !readableByOthers(info) || !hasCredentials(text) {
		return nil
	}
	return []finding{{
		"endpoints", warning, fmt.Sprintf("%s has credentials in it and is %v: others may read them", a.file.path, info.Mode().Perm()),
		"chmod 600 " + a.file.path + ", or name them with env:NAME or file:PATH where that can be",
	}}
}

// examineStandings tells of endpoints that get nothing at present, and of deliveries that
// wait for none that is declared. What is wrong with the store is told by itself.
func (a *app) examineStandings(ctx context.Context, set *endpointSet) []finding {
	const check = "endpoints"
	states, err := a.endpointStates(ctx, "")
	if err != nil {
		return nil
	}
	var findings []finding
	for _, e := range set.all() {
		st := states[e.Name]
		if status := endpointStatus(&st.Standing, a.world.Now()); status != hook.Enabled {
			findings = append(findings, finding{check, note, fmt.Sprintf("%s is %s (%s)", e.Name, status, st.Reason), ending(e.Name, &st.Standing)})
		}
	}
	for _, name := range set.strays(states) {
		findings = append(findings, finding{
			check, note, name + " is not in " + configName + ": " + pendingDeliveries(states[name].pending) + " of it",
			"hookctl endpoint remove " + name + " cancels what is pending; declared again, it goes on",
		})
	}
	return findings
}

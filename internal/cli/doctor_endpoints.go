package cli

// examineEndpoints looks whether the endpoints of hookctl.yaml are as they must be, with
// the secrets that it names. Nothing is sent. Where all are, nothing is said.
func (a *app) examineEndpoints() []finding {
	const check = "endpoints"
	set, err := a.endpoints()
	if err != nil {
		if _, unread := a.providers(); unread != nil {
			return nil // that is told of already
		}
		return []finding{{check, ill, err.Error(), classify(err).hint}}
	}
	var findings []finding
	for _, e := range set.all() {
		for _, trouble := range e.troubles {
			findings = append(findings, finding{check, warning, e.Name + " cannot be signed for: " + trouble.Error(), classify(trouble).hint})
		}
		for _, p := range append(e.problems(), set.crowded(e)...) {
			f := finding{check, note, e.Name + ": " + p.Text, p.Hint}
			if p.Fatal {
				f.Status = ill
			}
			findings = append(findings, f)
		}
	}
	return findings
}

"""Learning from a desk's own tickets. Needs scikit-learn, which the extra ``triage`` brings."""

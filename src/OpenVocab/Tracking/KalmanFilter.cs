namespace OpenVocab.Tracking;

/// <summary>
/// Where a box is and how it moves: centre x and y, aspect ratio (width/height), height, each with its velocity a frame (Bewley et al. 2016, Zhang et al. 2022).
/// The four never meet in the equations (transition, noise and measurement are diagonal over them), so the filter of eight dimensions is four of two.
/// </summary>
internal struct KalmanFilter
{
    private const double PositionWeight = 1.0 / 20, VelocityWeight = 1.0 / 160;
    private const double AspectNoise = 1e-2, AspectVelocityNoise = 1e-5, AspectMeasurementNoise = 1e-1;

    internal Axis X, Y, Aspect, Height;

    /// <summary>Begins at a box, without motion.</summary>
    internal KalmanFilter(Box box)
    {
        double height = box.Height, position = 2 * PositionWeight * height, velocity = 10 * VelocityWeight * height;
        X = new(((double)box.X1 + box.X2) / 2, position, velocity);
        Y = new(((double)box.Y1 + box.Y2) / 2, position, velocity);
        Aspect = new(box.Width / height, AspectNoise, AspectVelocityNoise);
        Height = new(height, position, velocity);
    }

    /// <summary>The box of the current estimate.</summary>
    internal readonly (double X1, double Y1, double X2, double Y2) Box
    {
        get
        {
            double halfWidth = Aspect.Mean * Height.Mean / 2, halfHeight = Height.Mean / 2;
            return (X.Mean - halfWidth, Y.Mean - halfHeight, X.Mean + halfWidth, Y.Mean + halfHeight);
        }
    }

    /// <summary>One frame ahead. The noise grows with the height before the step.</summary>
    internal void Predict()
    {
        double position = PositionWeight * Height.Mean, velocity = VelocityWeight * Height.Mean;
        X.Predict(position, velocity);
        Y.Predict(position, velocity);
        Aspect.Predict(AspectNoise, AspectVelocityNoise);
        Height.Predict(position, velocity);
    }

    /// <summary>Takes a measured box in.</summary>
    internal void Update(Box box)
    {
        double noise = PositionWeight * Height.Mean;
        X.Update(((double)box.X1 + box.X2) / 2, noise);
        Y.Update(((double)box.Y1 + box.Y2) / 2, noise);
        Aspect.Update((double)box.Width / box.Height, AspectMeasurementNoise);
        Height.Update(box.Height, noise);
    }

    /// <summary>A value, its velocity, and the covariance of both. Noises are standard deviations.</summary>
    internal struct Axis
    {
        internal double Mean, Velocity;
        internal double Variance, Covariance, VelocityVariance;

        internal Axis(double mean, double noise, double velocityNoise)
        {
            Mean = mean;
            (Variance, VelocityVariance) = (noise * noise, velocityNoise * velocityNoise);
        }

        internal void Predict(double noise, double velocityNoise)
        {
            Mean += Velocity;
            Variance += 2 * Covariance + VelocityVariance + noise * noise;
            Covariance += VelocityVariance;
            VelocityVariance += velocityNoise * velocityNoise;
        }

        internal void Update(double measured, double noise)
        {
            double innovation = Variance + noise * noise;
            double gain = Variance / innovation, velocityGain = Covariance / innovation, error = measured - Mean;
            Mean += gain * error;
            Velocity += velocityGain * error;
            VelocityVariance -= velocityGain * velocityGain * innovation;
            Covariance -= gain * velocityGain * innovation;
            Variance -= gain * gain * innovation;
        }
    }
}

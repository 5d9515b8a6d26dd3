//! Whether something grows.

/// The slope of the line through points (x, y) with the least squares, as a share of the mean y; `None`
/// when they do not make a line.
pub(super) fn growth_per_s(points: &[(f64, f64)]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "some hundred points")]
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
    let square = |point: &(f64, f64)| (point.0 - mean_x).powi(2);
    let product = |point: &(f64, f64)| (point.0 - mean_x) * (point.1 - mean_y);
    let squares: f64 = points.iter().map(square).sum();
    let products: f64 = points.iter().map(product).sum();
    let is_line = squares > 0.0 && mean_y > 0.0;
    is_line.then(|| products / squares / mean_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_line_has_no_slope() {
        assert_eq!(growth_per_s(&[]), None);
        assert_eq!(growth_per_s(&[(1.0, 5.0)]), None);
        assert_eq!(growth_per_s(&[(1.0, 5.0), (1.0, 6.0)]), None);
    }

    #[test]
    fn the_slope_is_told_as_a_share_of_the_mean_and_what_strays_evens_out() {
        let level = [(0.0, 9.0), (1.0, 11.0), (2.0, 11.0), (3.0, 9.0)];
        assert_eq!(growth_per_s(&level), Some(0.0));
        let rising = [(0.0, 8.0), (1.0, 10.0), (2.0, 12.0)];
        assert_eq!(growth_per_s(&rising), Some(0.2));
        let falling = [(0.0, 12.0), (1.0, 10.0), (2.0, 8.0)];
        assert_eq!(growth_per_s(&falling), Some(-0.2));
    }
}

/** The word in the console's navigation, apart from the screen that is fetched later. */
export const intakeLabel = (locale: string): string => (locale === 'en' ? 'Take a call' : '接电话');
